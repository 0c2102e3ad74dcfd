/** Fields of the customer as lines of label and value; those that say nothing are left out. */

import { DescriptionListItem, Text } from "@hubspot/ui-extensions";

import { OUT_OF, type Key } from "./layout";
import { CUSTOMER, moment, type Values } from "./record";
import { useSpeech, type ChoiceWord, type Speech } from "./words";

/** Fields whose choices are those of another. */
const CHOICES: Partial<Record<Key, ChoiceWord>> = {
  decision: "decision",
  exit_reason: "exit_reason",
  reason_customer: "exit_reason",
  reason_csm: "exit_reason",
  reason_evidence: "exit_reason",
  reasons_other: "exit_reason",
};

export function Rows({ keys, values }: { keys: Key[]; values: Values }) {
  const speech = useSpeech();
  return keys.map((key) => {
    const text = shown(key, values[CUSTOMER[key].name] ?? "", speech);
    return (
      text && (
        <DescriptionListItem key={key} label={speech.field(key)}>
          <Text>{text}</Text>
        </DescriptionListItem>
      )
    );
  });
}

/** A value as people read it. */
export function shown(key: Key, value: string, { choice, day }: Speech): string {
  const choices = CHOICES[key];
  if (!value) return "";
  if (choices) return value.split(";").map((one) => choice(choices, one)).join(", ");
  if (CUSTOMER[key].type === "date") {
    const date = moment(value);
    return date ? day(date) : value;
  }
  return OUT_OF[key] ? `${value} / ${OUT_OF[key]}` : value;
}
