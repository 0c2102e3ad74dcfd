/** HubSpot's own actions; what HubSpot refuses is said, and not swallowed. */

import type { ReactNode } from "react";
import { useExtensionActions } from "@hubspot/ui-extensions";
import { CrmActionButton, CrmActionLink } from "@hubspot/ui-extensions/crm";

import { useSpeech } from "./words";

interface Props {
  objectTypeId: string;
  objectId: number;
  children: ReactNode;
}

/** Opens a record beside this one. */
export function Preview({ children, ...actionContext }: Props) {
  return (
    <CrmActionLink
      actionType="PREVIEW_OBJECT"
      actionContext={actionContext}
      onError={useComplaint()}
    >
      {children}
    </CrmActionLink>
  );
}

/** Writes a note on a record. */
export function AddNote({ children, ...actionContext }: Props) {
  return (
    <CrmActionButton actionType="ADD_NOTE" actionContext={actionContext} onError={useComplaint()}>
      {children}
    </CrmActionButton>
  );
}

function useComplaint() {
  const { say } = useSpeech();
  const { addAlert } = useExtensionActions<"crm.record.tab">();
  return (errors: string[]) => {
    addAlert({ type: "danger", title: say("refused"), message: errors.join(" ") });
  };
}
