-- Kinds of jobs are named `<concept>.<verb>`, as in the other subgraphs.
UPDATE "job" SET "kind" = 'bed-limit.declare' WHERE "kind" = 'declare-sustainable-beds';
UPDATE "job" SET "kind" = 'device-fault.assess' WHERE "kind" = 'assess-device-fault';
