/** What a card shows when it has nothing to show. */

import type { ReactNode } from "react";
import { Button, EmptyState, ErrorState, LoadingSpinner, Text } from "@hubspot/ui-extensions";

import { useSpeech, type Word } from "./words";

/** How HubSpot's answers say that a person, or the app, may not read something. */
const DENIED = /permission|forbidden|unauthori[sz]ed|not allowed|access|scope|\b403\b/i;

export function Loading() {
  return <LoadingSpinner label={useSpeech().say("loading")} showLabel layout="centered" />;
}

export function Failed({ error, retry }: { error: Error; retry: () => void }) {
  const { say } = useSpeech();
  const denied = DENIED.test(error.message);
  return (
    <ErrorState
      title={say(denied ? "no_access_title" : "error_title")}
      type={denied ? "lock" : "error"}
    >
      <Text>{say(denied ? "no_access_text" : "error_text")}</Text>
      <Button onClick={retry}>{say("try_again")}</Button>
    </ErrorState>
  );
}

export function Empty(props: { title: Word; text: Word; children?: ReactNode }) {
  const { say } = useSpeech();
  return (
    <EmptyState title={say(props.title)} layout="vertical" imageName="customerSupport" flush>
      <Text>{say(props.text)}</Text>
      {props.children}
    </EmptyState>
  );
}
