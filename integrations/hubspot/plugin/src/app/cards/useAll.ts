import { useEffect, useRef, useState } from "react";
import { useAssociations } from "@hubspot/ui-extensions/crm";

import type { Found } from "./record";

interface All {
  records: Found[];
  error: Error | null;
  isLoading: boolean;
}

/** Every record that is associated with this one; the hook gives them page by page. */
export function useAll(toObjectType: string, properties: string[]): All {
  const { results, error, isLoading, pagination } = useAssociations(
    { toObjectType, properties, pageLength: 100 },
    { propertiesToFormat: ["hubspot_owner_id"] },
  );
  const [pages, setPages] = useState<Found[][]>([]);
  const asked = useRef(0);
  if (!isLoading && !error && pages.at(-1) !== results) setPages([...pages, results]);
  useEffect(() => {
    if (asked.current === pages.length) return;
    asked.current = pages.length;
    if (pagination.hasNextPage) pagination.nextPage();
  }, [pages, pagination]);
  return {
    records: pages.flat(),
    error,
    isLoading: !error && (isLoading || pages.length === 0 || pagination.hasNextPage),
  };
}
