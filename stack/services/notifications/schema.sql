-- Messages to citizens through the telecom's brandname gateway. `reference` is the operation that asked for it.
create table messages (
  id text primary key,
  reference text not null unique,
  dossier_code text not null,
  phone text not null,
  template text not null,
  status text not null check (status in ('asked', 'accepted', 'delivered', 'timeout', 'failed')),
  reason text,                           -- gateway-timeout | gateway-unavailable | gateway-refused | not-delivered | interrupted
  gateway_id text,
  receipt_at timestamptz,                -- when the gateway's receipt came; also after a time-out
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index messages_awaited on messages (created_at) where status = 'accepted';

create sequence message_number start 1;
