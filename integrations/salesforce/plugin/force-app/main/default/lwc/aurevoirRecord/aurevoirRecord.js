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

/** Whether there is something in a field that the user may see. */
export function said(record, info, field) {
    return visible(info, field) && ![null, '', false].includes(valueOf(record, field));
}

/** A line for each field that says something, under the label that the org gives it. */
export function facts(record, info, fields) {
    return fields
        .filter((field) => said(record, info, field))
        .map((field) => {
            const { label, dataType } = info.fields[field.fieldApiName];
            const read = READ[dataType] ?? ((shown) => shown);
            return { key: field.fieldApiName, label, value: read(shownOf(record, field)) };
        });
}

/** Puts values into a text with places like {count}. */
export function fill(text, values) {
    return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

/** What an error of a wire, of a GraphQL query or of a save says. */
export function messageOf(error) {
    const first = Array.isArray(error) ? error[0] : error;
    return first?.body?.message ?? first?.message ?? '';
}
