/** What the customer told us, and why they leave. */

import { DescriptionList, Flex, Text } from "@hubspot/ui-extensions";

import { FEEDBACK, REASONS } from "./layout";
import { CUSTOMER, type Values } from "./record";
import { Rows } from "./Rows";
import { useSpeech } from "./words";

export function Feedback({ values }: { values: Values }) {
  const { say } = useSpeech();
  const known = (key: keyof typeof CUSTOMER) => Boolean(values[CUSTOMER[key].name]);
  const open = REASONS.some(known) && !known("reason_confirmed_on");
  return (
    <Flex direction="column" gap="small">
      {!FEEDBACK.some(known) && <Text>{say("no_feedback")}</Text>}
      {open && <Text variant="microcopy">{say("reason_open")}</Text>}
      <DescriptionList direction="row">
        <Rows keys={FEEDBACK} values={values} />
      </DescriptionList>
    </Flex>
  );
}
