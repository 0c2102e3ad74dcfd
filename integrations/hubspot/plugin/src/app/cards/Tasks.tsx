/** The tasks of the case: what was promised, and the checklist by department. */

import { useState } from "react";
import { Accordion, Button, Flex, Heading, StatusTag, Text } from "@hubspot/ui-extensions";
import { CrmPropertyList } from "@hubspot/ui-extensions/crm";

import { Preview } from "./Action";
import { byDepartment, OBJECTS, TASK_PROPERTIES, tasksOf, type Task } from "./record";
import { Failed, Loading } from "./State";
import { useAll } from "./useAll";
import { useSpeech, type Speech } from "./words";

interface Props {
  /** The key of the case. */
  of: string | null | undefined;
  now: Date;
  again: () => void;
}

export function Tasks({ of, now, again }: Props) {
  const speech = useSpeech();
  const { say, choice } = speech;
  const { records, error, isLoading } = useAll(OBJECTS.task, TASK_PROPERTIES);
  if (error) return <Failed error={error} retry={again} />;
  if (isLoading) return <Loading />;
  const tasks = tasksOf(of, records);
  const promises = tasks.filter((task) => task.promise);
  const count = (some: Task[]) =>
    say("count_done", { done: some.filter((task) => task.done).length, count: some.length });
  return (
    <Flex direction="column" gap="medium">
      <Heading>{say("promises")}</Heading>
      <Text variant="microcopy">
        {promises.length > 0 ? count(promises) : say("no_promises")}
      </Text>
      {promises.map((task) => (
        <Flex key={task.id} gap="small" align="baseline" wrap>
          <State task={task} now={now} />
          <Text>{task.title}</Text>
          <Text variant="microcopy">{when(task, speech)}</Text>
        </Flex>
      ))}
      <Heading>{say("checklist")}</Heading>
      {tasks.length === 0 && <Text>{say("no_tasks")}</Text>}
      {byDepartment(tasks).map(([department, some]) => (
        <Accordion
          key={department}
          title={`${department ? choice("department", department) : say("no_department")}: ${count(some)}`}
          defaultOpen={some.some((task) => isLate(task, now))}
        >
          {some.map((task) => (
            <Row key={task.id} task={task} now={now} again={again} />
          ))}
        </Accordion>
      ))}
    </Flex>
  );
}

function Row({ task, now, again }: { task: Task; now: Date; again: () => void }) {
  const speech = useSpeech();
  const { say } = speech;
  const [open, setOpen] = useState(false);
  const facts = [
    task.owner === null ? say("nobody") : task.owner || say("assigned"),
    when(task, speech),
    task.promise ? say("promised") : "",
    task.required ? "" : say("optional"),
  ];
  return (
    <Flex direction="column" gap="extra-small">
      <Flex gap="small" align="baseline" wrap>
        <State task={task} now={now} />
        <Preview objectTypeId={OBJECTS.task} objectId={task.id}>
          {task.title}
        </Preview>
        {!task.done && (
          <Button size="xs" onClick={() => setOpen(!open)}>
            {say(open ? "close" : "complete")}
          </Button>
        )}
      </Flex>
      <Text variant="microcopy">{facts.filter(Boolean).join(" · ")}</Text>
      {open && (
        <>
          <Text>{say("complete_hint")}</Text>
          <CrmPropertyList
            objectTypeId={OBJECTS.task}
            objectId={task.id}
            properties={["hs_task_status", "hubspot_owner_id"]}
          />
          <Button size="xs" onClick={again}>
            {say("refresh")}
          </Button>
        </>
      )}
    </Flex>
  );
}

function State({ task, now }: { task: Task; now: Date }) {
  const { say } = useSpeech();
  if (task.done) return <StatusTag variant="success">{say("done")}</StatusTag>;
  if (isLate(task, now)) return <StatusTag variant="danger">{say("late")}</StatusTag>;
  return <StatusTag variant="info">{say("open")}</StatusTag>;
}

function isLate(task: Task, now: Date): boolean {
  return !task.done && task.due !== null && task.due < now;
}

function when(task: Task, { say, day }: Speech): string {
  if (task.doneAt) return say("done_on", { date: day(task.doneAt, "account") });
  return task.due ? say("due", { date: day(task.due, "account") }) : say("no_date");
}
