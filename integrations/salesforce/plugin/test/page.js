/** What tests put on a page, and how they read it, through every shadow root. */
import { createElement } from 'lwc';

/** Lets promises and re-rendering come to rest. */
export const settled = () => new Promise(process.nextTick);

export async function show(component, properties = {}) {
    const name = component.name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    const element = createElement(`c${name}`, { is: component });
    Object.assign(element, properties);
    document.body.appendChild(element);
    await settled();
    return element;
}

/** Every element below one that fits a selector. */
export function all(element, selector) {
    const root = element.shadowRoot ?? element;
    const within = [...root.querySelectorAll('*')].filter((child) => child.shadowRoot);
    const found = [...root.querySelectorAll(selector), ...within.flatMap((c) => all(c, selector))];
    return [...new Set(found)];
}

/** Everything that is written there, each text once. */
export function words(element) {
    const own = (node) =>
        [...node.childNodes].filter((child) => child.nodeType === 3).map((c) => c.textContent.trim());
    return all(element, '*').flatMap(own).filter(Boolean);
}

export function button(element, text) {
    return all(element, 'button').find((one) => one.textContent.trim() === text);
}
