const { setup } = require('@sa11y/jest');

setup();

/** What the engine complains of is a mistake of ours. */
jest.spyOn(console, 'error').mockImplementation((...words) => {
    throw new Error(words.join(' '));
});

afterEach(() => {
    document.body.replaceChildren();
    jest.clearAllMocks();
});
