/** What the customer told us, and why they leave. */

import { DescriptionList, DescriptionListItem, Flex, Text } from "@hubspot/ui-extensions";

import { CUSTOMER, moment, type Values } from "./record";
import { useSpeech, type FieldWord } from "./words";

const REASONS = ["exit_reason", "reason_customer", "reason_csm", "reason_evidence"] as const;
const SAID = ["exit_words", "exit_what_if", "exit_benefits", "moving_to"] as const;
/** The highest number that can be given. */
const RATED = {
  rating_product: 5,
  rating_service: 5,
  rating_process: 5,
  rating_price: 5,
  would_recommend: 10,
  would_return: 10,
} as const;

export function Feedback({ values }: { values: Values }) {
  const { say, field, choice, day } = useSpeech();
  const valueOf = (key: keyof typeof CUSTOMER) => values[CUSTOMER[key].name];
  const confirmed = moment(valueOf("reason_confirmed_on"));
  const given = moment(valueOf("feedback_on"));
  const reasons = REASONS.map((key) => [key, valueOf(key)] as const).filter(([, value]) => value);
  const rows: [FieldWord, string][] = [
    ...reasons.map(([key, value]): [FieldWord, string] => [key, choice("exit_reason", value ?? "")]),
    ...(confirmed ? [["reason_confirmed_on", day(confirmed)] as [FieldWord, string]] : []),
    ...SAID.map((key): [FieldWord, string] => [key, valueOf(key) ?? ""]),
    ...Object.entries(RATED).map(([key, most]): [FieldWord, string] => {
      const value = valueOf(key as keyof typeof RATED);
      return [key as FieldWord, value ? `${value} / ${most}` : ""];
    }),
    ...(given ? [["feedback_on", day(given)] as [FieldWord, string]] : []),
  ];
  const filled = rows.filter(([, text]) => text);
  return (
    <Flex direction="column" gap="small">
      {filled.length === 0 && <Text>{say("no_feedback")}</Text>}
      {reasons.length > 0 && !confirmed && <Text variant="microcopy">{say("reason_open")}</Text>}
      <DescriptionList direction="row">
        {filled.map(([key, text]) => (
          <DescriptionListItem key={key} label={field(key)}>
            <Text>{text}</Text>
          </DescriptionListItem>
        ))}
      </DescriptionList>
    </Flex>
  );
}
