/** The customer's people: where the survey stands, and whether we may write to them. */

import { Flex, StatusTag, Text } from "@hubspot/ui-extensions";

import { Preview } from "./Action";
import { consent, flag, nameOf, OBJECTS, PERSON, PERSON_PROPERTIES, type Values } from "./record";
import { Failed, Loading } from "./State";
import { useAll } from "./useAll";
import { useSpeech } from "./words";

export function People({ now, again }: { now: Date; again: () => void }) {
  const { say, field, choice } = useSpeech();
  const { records, error, isLoading } = useAll(OBJECTS.contact, PERSON_PROPERTIES);
  if (error) return <Failed error={error} retry={again} />;
  if (isLoading) return <Loading />;
  return (
    <Flex direction="column" gap="small">
      {records.length === 0 && <Text>{say("no_people")}</Text>}
      {records.map((person) => {
        const survey = person.properties[PERSON.survey_status.name];
        return (
          <Flex key={person.toObjectId} direction="column" gap="extra-small">
            <Preview objectTypeId={OBJECTS.contact} objectId={person.toObjectId}>
              {nameOf(person)}
            </Preview>
            <Consent values={person.properties} now={now} />
            {survey && (
              <Text variant="microcopy">
                {`${field("survey_status")}: ${choice("survey_status", survey)}`}
              </Text>
            )}
            {flag(person.properties[PERSON.stay_in_touch.name]) && (
              <Text variant="microcopy">{field("stay_in_touch")}</Text>
            )}
          </Flex>
        );
      })}
    </Flex>
  );
}

export function Consent({ values, now }: { values: Values; now: Date }) {
  const { say, day } = useSpeech();
  const state = consent(values, now);
  if (state === "unknown") return <StatusTag>{say("consent_unknown")}</StatusTag>;
  if (state === "no") return <StatusTag variant="danger">{say("may_not_contact")}</StatusTag>;
  return (
    <StatusTag variant="success">
      {state === "open" ? say("may_contact_open") : say("may_contact", { date: day(state) })}
    </StatusTag>
  );
}
