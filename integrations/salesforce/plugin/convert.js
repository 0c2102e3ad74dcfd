/** Turns the source of every package into metadata format, offline: mdapi/NAME, each with package.xml. */
const { rmSync } = require('node:fs');
const { join } = require('node:path');
const { ComponentSet, MetadataConverter } = require('@salesforce/source-deploy-retrieve');
const { packageDirectories, sourceApiVersion } = require('./sfdx-project.json');

async function convert({ path }) {
    const name = path.replace('/', '-');
    const set = ComponentSet.fromSource(join(__dirname, path));
    set.sourceApiVersion = sourceApiVersion;
    await new MetadataConverter().convert(set, 'metadata', {
        type: 'directory',
        outputDirectory: join(__dirname, 'mdapi'),
        packageName: name,
        genUniqueDir: false
    });
    process.stdout.write(`${name}: ${set.getSourceComponents().toArray().length} components\n`);
}

async function main() {
    rmSync(join(__dirname, 'mdapi'), { recursive: true, force: true });
    for (const directory of packageDirectories) {
        await convert(directory);
    }
}

main().catch((problem) => {
    process.stderr.write(`${problem.stack}\n`);
    process.exitCode = 1;
});
