/**
 * How a record of Lightning Data Service reads. Records come with optional fields: what a user may
 * not see is not there.
 */
import ASK_FOR_ACCESS from '@salesforce/label/c.Aurevoir_Ask_For_Access';
import ERROR_TEXT from '@salesforce/label/c.Aurevoir_Error_Text';
import ERROR_TITLE from '@salesforce/label/c.Aurevoir_Error_Title';
import LOADING from '@salesforce/label/c.Aurevoir_Loading';
import NO_ACCESS_TEXT from '@salesforce/label/c.Aurevoir_No_Access_Text';
import NO_ACCESS_TITLE from '@salesforce/label/c.Aurevoir_No_Access_Title';
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

/**
 * A line for each field that says something, under the label that the org gives it. `outOf`: the
 * highest number of a rating, by the API name of its field.
 */
export function facts(record, info, fields, outOf = {}) {
    return fields
        .filter((field) => said(record, info, field))
        .map((field) => {
            const { label, dataType } = info.fields[field.fieldApiName];
            const read = READ[dataType] ?? ((shown) => shown);
            const most = outOf[field.fieldApiName];
            const text = read(shownOf(record, field));
            return { key: field.fieldApiName, label, value: most ? `${text} / ${most}` : text };
        });
}

/** What is said where the user lacks rights. */
export const NO_ACCESS = {
    text: NO_ACCESS_TITLE,
    lines: [NO_ACCESS_TEXT, ASK_FOR_ACCESS]
};

/** Whether Salesforce says that the user may not have something, or not even know of it. */
export function denied(error) {
    return [403, 404].includes(error?.status);
}

/**
 * What stands in place of records that a query brings: the object is described by `info`, and the
 * query cannot be asked without these fields. Nothing where it can be asked.
 */
export function barrier(info, fields) {
    if (info.error) {
        return denied(info.error) ? NO_ACCESS : failure(info.error);
    }
    if (!info.data) {
        return { text: LOADING };
    }
    return fields.every((field) => visible(info.data, field)) ? undefined : NO_ACCESS;
}

/** What is said where something went wrong. */
export function failure(error) {
    return { failed: true, text: ERROR_TITLE, lines: [ERROR_TEXT, messageOf(error)] };
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
