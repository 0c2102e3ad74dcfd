const { jestConfig } = require('@salesforce/sfdx-lwc-jest/config');

module.exports = {
    ...jestConfig,
    globalSetup: '<rootDir>/test/labels.js',
    setupFilesAfterEnv: [...(jestConfig.setupFilesAfterEnv ?? []), '<rootDir>/test/setup.js'],
    moduleNameMapper: {
        ...jestConfig.moduleNameMapper,
        '^@salesforce/label/c\\.(.+)$': '<rootDir>/test/labels/$1.js',
        '^lightning/graphql$': '<rootDir>/test/graphql.js',
        '^lightning/(button|inputField|messages)$': '<rootDir>/test/lightning/$1/$1'
    },
    // axe takes its time on a busy machine.
    testTimeout: 30_000,
    collectCoverageFrom: ['force-app/main/default/lwc/*/*.js'],
    coverageThreshold: { global: { branches: 90, functions: 90, lines: 90, statements: 90 } }
};
