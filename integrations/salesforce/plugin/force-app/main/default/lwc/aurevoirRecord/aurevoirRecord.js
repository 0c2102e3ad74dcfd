/**
 * How a record of Lightning Data Service reads. Records come with optional fields: what a user may
 * not see is not there.
 */
import YES from '@salesforce/label/c.Aurevoir_Yes';

/** Types whose values people would not read as they stand. */
const READ = {
    Boolean: () => YES,
    MultiPicklist: (shown) => shown.split(';').join(', ')
};

/** What a field holds; null where it is empty or hidden. */
export function valueOf(record, field) {
    return record.fields[field.fieldApiName]?.value ?? null;
}

/** The same in the user's language and format. */
export function shownOf(record, field) {
    return record.fields[field.fieldApiName]?.displayValue ?? valueOf(record, field);
}

/** Whether the user may see a field at all. */
export function visible(info, field) {
    return Boolean(info.fields[field.fieldApiName]);
}

/** The API names of those fields that the user may change. */
export function editable(info, fields) {
    return fields
        .map((field) => field.fieldApiName)
        .filter((name) => info.fields[name]?.updateable);
}

/** A line for each field that has something to say, under the label that the org gives it. */
export function facts(record, info, fields) {
    return fields
        .filter((field) => visible(info, field) && ![null, '', false].includes(valueOf(record, field)))
        .map((field) => {
            const { label, dataType } = info.fields[field.fieldApiName];
            const read = READ[dataType] ?? ((shown) => shown);
            return { key: field.fieldApiName, label, value: read(shownOf(record, field)) };
        });
}

/** Puts values into a text with {0} and {1}. */
export function fill(text, ...values) {
    return values.reduce((done, value, n) => done.split(`{${n}}`).join(value), text);
}

/** What an error of a wire, of a GraphQL query or of a save says. */
export function messageOf(error) {
    const first = Array.isArray(error) ? error[0] : error;
    return first?.body?.message ?? first?.message ?? '';
}
