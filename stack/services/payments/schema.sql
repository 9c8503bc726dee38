-- Central payment management: which account a receiving unit is paid to, and every transaction. `reference` is the operation that created it.
create table accounts (
  unit_code text primary key,
  account text not null unique,
  account_name text not null,
  kind text not null check (kind in ('commercial', 'treasury')),
  held_at text not null                  -- a bank's system id, or state-treasury
);

create table transactions (
  code text primary key,
  reference text not null unique,
  dossier_code text not null,
  unit_code text not null references accounts (unit_code),
  amount_vnd bigint not null check (amount_vnd > 0),
  bank text not null,                    -- '' at the counter
  method text not null default 'online' check (method in ('online', 'counter')),
  purpose text not null default 'fee' check (purpose in ('fee', 'fine', 'social-insurance')),
  status text not null check (status in ('initiated', 'qr-issued', 'paid', 'failed', 'expired')),
  reason text,                           -- why it failed: bank-timeout | bank-unavailable | interrupted
  qr text,
  expires_at bigint not null,            -- epoch ms on the scenario clock
  bank_reference text unique,
  paid_reference text,                   -- the operation that paid it (the scan at the bank, the officer at the counter)
  paid_at bigint,                        -- epoch ms on the scenario clock, as the bank says
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index transactions_expiring on transactions (expires_at) where status = 'qr-issued';
create index transactions_by_dossier on transactions (dossier_code);
-- Two officers at the same moment take the money of a dossier once.
create unique index transactions_counter on transactions (dossier_code) where method = 'counter';

-- One for whatever was paid, in the transaction that said so. `reference`: the operation that paid.
create table receipts (
  transaction_code text primary key references transactions (code),
  dossier_code text not null,
  reference text not null,
  receipt_number text not null unique,
  amount_vnd bigint not null,
  issued_at bigint not null,             -- epoch ms on the scenario clock
  recorded_at timestamptz not null default now()
);

create table refunds (
  reference text primary key,
  transaction_code text not null unique references transactions (code),
  dossier_code text not null,
  amount_vnd bigint not null,
  bank text,                             -- null: paid out at the counter
  status text not null check (status in ('ordered', 'refunded')),
  bank_reference text,
  refunded_at bigint,                    -- epoch ms on the scenario clock
  updated_at timestamptz not null default now()
);
create index refunds_by_dossier on refunds (dossier_code);

-- Done here, others not yet told. `topic`: payment-status, receipt, refund (to the portal), credit (to the bank).
create table outbox (
  id bigint generated always as identity primary key,
  topic text not null,
  payload jsonb not null,
  attempts int not null default 0,
  due_at timestamptz not null default now()
);

create sequence transaction_number start 1;
create sequence receipt_number start 1;
