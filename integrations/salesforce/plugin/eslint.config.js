const lwc = require('@salesforce/eslint-config-lwc/recommended');
const globals = require('globals');

module.exports = [
    { ignores: ['coverage/', 'mdapi/', 'node_modules/', 'test/labels/'] },
    ...lwc.map((config) => ({ ...config, files: ['force-app/**/*.js', 'test/lightning/**/*.js'] })),
    {
        files: ['**/__tests__/**', 'test/**'],
        languageOptions: { globals: { ...globals.jest, ...globals.node } },
        rules: { '@lwc/lwc/no-unexpected-wire-adapter-usages': 'off' }
    },
    {
        files: ['*.js', 'test/*.js'],
        languageOptions: { globals: globals.node }
    }
];
