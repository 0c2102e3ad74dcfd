/** The card on a company: where its off-boarding stands, from the data of the CRM alone. */

import { useState } from "react";
import { Accordion, Divider, Flex, hubspot, useExtensionContext } from "@hubspot/ui-extensions";
import { CrmPropertyList, useCrmProperties } from "@hubspot/ui-extensions/crm";

import { AddNote } from "./Action";
import { Course } from "./Course";
import { Feedback } from "./Feedback";
import { People } from "./People";
import { EDITED } from "./layout";
import { CUSTOMER, STAGE } from "./record";
import { Empty, Failed, Loading } from "./State";
import { Tasks } from "./Tasks";
import { useSpeech } from "./words";

hubspot.extend(() => <CompanyCard />);

const PROPERTIES = Object.values(CUSTOMER).map((field) => field.name);
export function CompanyCard() {
  const [round, setRound] = useState(0);
  return <OffBoarding key={round} again={() => setRound(round + 1)} />;
}

function OffBoarding({ again }: { again: () => void }) {
  const { say } = useSpeech();
  const { crm } = useExtensionContext<"crm.record.tab">();
  const [now] = useState(() => new Date());
  const { properties, error, isLoading } = useCrmProperties(PROPERTIES);
  if (error) return <Failed error={error} retry={again} />;
  if (isLoading) return <Loading />;
  if (!properties[CUSTOMER.status.name]) {
    return (
      <Empty title="empty_title" text="empty_text">
        <Accordion title={say("start")}>
          <CrmPropertyList properties={[STAGE]} />
        </Accordion>
      </Empty>
    );
  }
  return (
    <Flex direction="column" gap="medium">
      <Course values={properties} />
      {EDITED.map(({ word, properties: names }) => (
        <Accordion key={word} title={say(word)}>
          <CrmPropertyList properties={names} />
          {word === "interview" && (
            <AddNote objectTypeId={crm.objectTypeId} objectId={crm.objectId}>
              {say("add_note")}
            </AddNote>
          )}
        </Accordion>
      ))}
      <Divider />
      <Tasks of={properties[CUSTOMER.case.name]} now={now} again={again} />
      <Divider />
      <Accordion title={say("feedback")} defaultOpen>
        <Feedback values={properties} />
      </Accordion>
      <Accordion title={say("people")}>
        <People now={now} again={again} />
      </Accordion>
    </Flex>
  );
}
