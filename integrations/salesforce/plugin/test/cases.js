/** The cases that every card is shown, in Salesforce's shapes; see tests/plugins/cases/README.md. */
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { person, record, task } = require('./records');

const read = (name) =>
    JSON.parse(readFileSync(join(__dirname, '../../../../tests/plugins/cases', name), 'utf8'));
const labels = JSON.parse(
    readFileSync(join(__dirname, '../../../hubspot/plugin/src/app/cards/fields.json'), 'utf8')
);
const DAY = /(\d{4})-(\d\d)-(\d\d)/g;

/** A text with its days as Salesforce would write them: 3/20/2026. */
exports.shownAs = (text) => text.replace(DAY, (_, y, m, d) => `${Number(m)}/${Number(d)}/${y}`);

exports.CONSENT = read('consent.json');
exports.CARD = read('card.json');

const api = (key) => `Aurevoir_${key.replace(/(^|_)(\w)/g, (_, gap, x) => gap + x.toUpperCase())}__c`;
const shown = (field, value) =>
    value
        .split(';')
        .map((one) => field.options.find((option) => option.value === one)?.label ?? one)
        .join(';');

/** What an object of ours has: API name -> [label, type]. */
exports.fieldsOf = (kind) =>
    Object.fromEntries(
        Object.entries(labels[kind]).map(([key, { label, type }]) => [api(key), [label, type]])
    );

/** The customer of the case. */
exports.customer = (more = {}) => {
    const given = { ...exports.CARD.customer, ...more };
    return record(
        Object.fromEntries(
            Object.entries(given).map(([key, value]) => [
                api(key),
                value && [value, exports.shownAs(shown(labels.customer[key], value))]
            ])
        )
    );
};

/** The choices of the status. */
exports.choices = { values: labels.customer.status.options };

exports.tasks = exports.CARD.tasks.map((one) =>
    task(`00T${one.step}`, {
        subject: one.title,
        due: [one.due, one.due && exports.shownAs(one.due)],
        closed: Boolean(one.done_on),
        closedAt: one.done_on && `${one.done_on}T12:00:00.000Z`,
        department: [one.department, one.department && shown(labels.task.department, one.department)],
        required: one.required,
        promise: one.promise,
        owner: one.owner,
        ownerId: one.owner && '005x'
    })
);

exports.people = exports.CARD.people.map((one) =>
    person(one.name, {
        optedOut: one.opted_out ?? false,
        survey: [
            one.survey_status ?? null,
            one.survey_status && shown(labels.person.survey_status, one.survey_status)
        ],
        stay: one.stay_in_touch ?? false,
        basis: one.contact_basis ?? null,
        until: [one.contact_until ?? null, one.contact_until && exports.shownAs(one.contact_until)]
    })
);
