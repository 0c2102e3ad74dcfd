/** Where the goodbye stands: the path, the dates, the progress and the next step. */

import {
  DescriptionList,
  DescriptionListItem,
  Flex,
  ProgressBar,
  StatusTag,
  StepIndicator,
  Text,
} from "@hubspot/ui-extensions";

import { CUSTOMER, moment, number, type Values } from "./record";
import { useSpeech, type FieldWord } from "./words";

const PHASES = ["notice", "assess", "leaving", "departed", "alumni"];
/** Statuses that end the goodbye: the word, and the field that has the day. */
const ENDS = {
  saved: { word: "stayed", field: CUSTOMER.saved_on.name },
  returned: { word: "came_back", field: CUSTOMER.returned_on.name },
} as const;
const SHOWN = ["departs_on", "departed_on"] as const satisfies readonly FieldWord[];

export function Course({ values }: { values: Values }) {
  const { say, field, choice, day } = useSpeech();
  const status = values[CUSTOMER.status.name] ?? "";
  const end = status in ENDS ? ENDS[status as keyof typeof ENDS] : null;
  const ended = end && moment(values[end.field]);
  const progress = number(values[CUSTOMER.progress.name]);
  const decision = values[CUSTOMER.decision.name];
  return (
    <Flex direction="column" gap="medium">
      {end ? (
        <StatusTag variant="success">
          {ended ? say(end.word, { date: day(ended) }) : choice("status", status)}
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
            {values[CUSTOMER.next_step.name] ?? say("nothing_next")}
          </Text>
        </DescriptionListItem>
        {SHOWN.map((key) => {
          const date = moment(values[CUSTOMER[key].name]);
          return (
            date && (
              <DescriptionListItem key={key} label={field(key)}>
                <Text>{day(date)}</Text>
              </DescriptionListItem>
            )
          );
        })}
        {decision && (
          <DescriptionListItem label={field("decision")}>
            <Text>{choice("decision", decision)}</Text>
          </DescriptionListItem>
        )}
      </DescriptionList>
    </Flex>
  );
}
