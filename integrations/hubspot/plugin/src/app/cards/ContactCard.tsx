/** The card on a contact: exit survey, consent and stay in touch. */

import { useState } from "react";
import {
  Button,
  DescriptionList,
  DescriptionListItem,
  Flex,
  Heading,
  hubspot,
  Text,
  useExtensionActions,
} from "@hubspot/ui-extensions";
import { useCrmProperties } from "@hubspot/ui-extensions/crm";

import { Consent } from "./People";
import { flag, moment, OPTED_OUT, PERSON, type Values } from "./record";
import { Empty, Failed, Loading } from "./State";
import { useSpeech, type FieldWord, type Speech } from "./words";

hubspot.extend(() => <ContactCard />);

const PROPERTIES = [OPTED_OUT, ...Object.values(PERSON).map((field) => field.name)];

export function ContactCard() {
  const [round, setRound] = useState(0);
  return <Person key={round} again={() => setRound(round + 1)} />;
}

function Person({ again }: { again: () => void }) {
  const speech = useSpeech();
  const { say } = speech;
  const [now] = useState(() => new Date());
  const { properties, error, isLoading } = useCrmProperties(PROPERTIES);
  if (error) return <Failed error={error} retry={again} />;
  if (isLoading) return <Loading />;
  if (!PROPERTIES.some((name) => properties[name] && properties[name] !== "false")) {
    return <Empty title="empty_person_title" text="empty_person_text" />;
  }
  const link = properties[PERSON.survey_url.name];
  return (
    <Flex direction="column" gap="small">
      <Heading>{say("survey")}</Heading>
      <Facts rows={survey(properties, speech)} />
      {link && <Copy link={link} />}
      <Heading>{say("stay_in_touch")}</Heading>
      <Consent values={properties} now={now} />
      <Facts rows={touch(properties, speech)} />
    </Flex>
  );
}

function Copy({ link }: { link: string }) {
  const { say } = useSpeech();
  const { addAlert, copyTextToClipboard } = useExtensionActions<"crm.record.sidebar">();
  const copy = async () => {
    await copyTextToClipboard(link);
    addAlert({ type: "success", message: say("copied") });
  };
  return <Button onClick={() => void copy()}>{say("copy_link")}</Button>;
}

type Rows = [key: FieldWord, text: string][];

function Facts({ rows }: { rows: Rows }) {
  const { field, say } = useSpeech();
  return (
    <DescriptionList direction="row">
      {rows.map(([key, text]) => (
        <DescriptionListItem key={key} label={field(key)}>
          <Text>{text || say("unknown")}</Text>
        </DescriptionListItem>
      ))}
    </DescriptionList>
  );
}

function survey(values: Values, { choice, day }: Speech): Rows {
  const date = (name: string) => {
    const found = moment(values[name]);
    return found ? day(found) : "";
  };
  return [
    ["survey_status", choice("survey_status", values[PERSON.survey_status.name] ?? "")],
    ["survey_sent_on", date(PERSON.survey_sent_on.name)],
    ["survey_answered_on", date(PERSON.survey_answered_on.name)],
  ];
}

function touch(values: Values, { say, choice }: Speech): Rows {
  const answer = (name: string) => {
    const given = flag(values[name]);
    return given === null ? "" : say(given ? "yes" : "no");
  };
  const segments = values[PERSON.alumni_segments.name]?.split(";") ?? [];
  return [
    ["stay_in_touch", answer(PERSON.stay_in_touch.name)],
    ["reference_ok", answer(PERSON.reference_ok.name)],
    ["contact_basis", choice("contact_basis", values[PERSON.contact_basis.name] ?? "")],
    ["alumni_segments", segments.map((value) => choice("alumni_segments", value)).join(", ")],
  ];
}
