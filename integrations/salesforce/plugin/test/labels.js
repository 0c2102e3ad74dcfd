/** Lets the components under test say what they say in an org: the English custom labels. */
const { mkdirSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

const SOURCE = '../force-app/main/default/labels/CustomLabels.labels-meta.xml';
const ENTITIES = { amp: '&', lt: '<', gt: '>' };

module.exports = () => {
    const folder = join(__dirname, 'labels');
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    const xml = readFileSync(join(__dirname, SOURCE), 'utf8');
    for (const [, label] of xml.matchAll(/<labels>(.*?)<\/labels>/gs)) {
        const [name, value] = ['fullName', 'value'].map((tag) =>
            label.match(new RegExp(`<${tag}>(.*?)</${tag}>`, 's'))[1].replace(/&(\w+);/g, (_, e) => ENTITIES[e])
        );
        writeFileSync(join(folder, `${name}.js`), `exports.default = ${JSON.stringify(value)};\n`);
    }
};
