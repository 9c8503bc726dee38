-- The old portal's own database, with its own names (Vietnamese without marks, as such systems have), status numbers and procedure codes.
-- hoso = dossier, tthc = procedure, donvi = unit, trangthai = status, thanhtoan = payment, nhatky = log, phien = session.
create table hoso (
  ma_hoso text primary key,
  ma_thamchieu text unique,              -- reference of the operation; null for dossiers from before
  ma_tthc text not null,
  ma_donvi text not null,
  so_dinhdanh text not null,
  hoten text not null,                   -- NFC, NFD, TCVN3 remains, trailing spaces
  ngaysinh timestamptz not null,         -- a birth date kept as local midnight: UTC+8 before 1975-06-13
  sodienthoai text not null default '',
  ghichu text not null default '',
  trangthai int not null,
  phi bigint not null default 0,
  ngaynop timestamptz not null,
  hanxuly timestamptz,
  capnhat_luc timestamptz not null default now()   -- the delta copy goes by this
);
create index hoso_capnhat on hoso (capnhat_luc);
create index hoso_dinhdanh on hoso (so_dinhdanh, ngaynop desc);

create table thanhtoan (
  ma_giaodich text primary key,
  ma_hoso text not null references hoso (ma_hoso),
  nganhang text not null,
  sotien bigint not null,
  trangthai int not null,                -- 0 begun, 1 paid, 2 failed, 3 expired
  ngaytra timestamptz,
  capnhat_luc timestamptz not null default now()
);
create index thanhtoan_capnhat on thanhtoan (capnhat_luc);
create index thanhtoan_hoso on thanhtoan (ma_hoso);

create table nhatky (
  id bigint generated always as identity primary key,
  ma_hoso text not null,
  trangthai int not null,
  luc timestamptz not null
);

create table phien (
  id text primary key,                   -- hash of the cookie's value, which is kept nowhere
  so_dinhdanh text not null,
  mucdo int not null,
  ma_thamchieu text not null unique,     -- a login repeated with the same reference replaces its session
  the_dinhdanh text not null default '', -- the ID token that it began with
  batdau timestamptz not null,
  ketthuc timestamptz
);

create sequence so_hoso start 1;
