/** node convert.js [FOLDER]: every package in metadata format, offline, each with its package.xml. */
const { rmSync } = require('node:fs');
const { join } = require('node:path');
const { ComponentSet, MetadataConverter } = require('@salesforce/source-deploy-retrieve');
const { packageDirectories, sourceApiVersion } = require('./sfdx-project.json');

const OUT = process.argv[2] ?? join(__dirname, 'mdapi');

async function convert({ path }) {
    const name = path.replace('/', '-');
    const set = ComponentSet.fromSource(join(__dirname, path));
    set.sourceApiVersion = sourceApiVersion;
    await new MetadataConverter().convert(set, 'metadata', {
        type: 'directory',
        outputDirectory: OUT,
        packageName: name,
        genUniqueDir: false
    });
    process.stdout.write(`${name}: ${set.getSourceComponents().toArray().length} components\n`);
}

async function main() {
    rmSync(OUT, { recursive: true, force: true });
    for (const directory of packageDirectories) {
        await convert(directory);
    }
}

main().catch((problem) => {
    process.stderr.write(`${problem.stack}\n`);
    process.exitCode = 1;
});
