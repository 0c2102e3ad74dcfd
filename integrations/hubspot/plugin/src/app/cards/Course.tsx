/** Where the goodbye stands: the path, the progress, the next step and how it stands. */

import {
  DescriptionList,
  DescriptionListItem,
  Flex,
  ProgressBar,
  StatusTag,
  StepIndicator,
  Text,
} from "@hubspot/ui-extensions";

import { ENDS, PHASES, STANDING } from "./layout";
import { CUSTOMER, moment, number, type Values } from "./record";
import { Rows } from "./Rows";
import { useSpeech } from "./words";

export function Course({ values }: { values: Values }) {
  const { say, choice, day } = useSpeech();
  const status = values[CUSTOMER.status.name] ?? "";
  const end = ENDS[status];
  const ended = end && moment(values[CUSTOMER[end.day].name]);
  const progress = number(values[CUSTOMER.progress.name]);
  return (
    <Flex direction="column" gap="medium">
      {end ? (
        <StatusTag variant="success">
          {ended ? say(end.says, { date: day(ended) }) : choice("status", status)}
        </StatusTag>
      ) : (
        <StepIndicator
          stepNames={PHASES.map((phase) => choice("status", phase))}
          currentStep={PHASES.indexOf(status)}
        />
      )}
      <ProgressBar
        title={say("progress")}
        value={progress ?? 0}
        maxValue={100}
        showPercentage
        valueDescription={say("required_done")}
        variant="success"
      />
      <DescriptionList direction="row">
        <DescriptionListItem label={say("next_step")}>
          <Text format={{ fontWeight: "demibold" }}>
            {values[CUSTOMER.next_step.name] || say("nothing_next")}
          </Text>
        </DescriptionListItem>
        <Rows keys={STANDING} values={values} />
      </DescriptionList>
    </Flex>
  );
}
