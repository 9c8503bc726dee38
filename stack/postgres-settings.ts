/**
 * How every PostgreSQL of the stack is set, embedded or in a container. Commits stay durable (fsync, synchronous_commit are left as they are); the rest is sized for two
 * shared cores and a night that is thrown away afterwards. Only what PostgreSQL 15 knows too.
 */
export const POSTGRES_SETTINGS: Readonly<Record<string, string>> = {
  unix_socket_directories: '', max_connections: '120',
  shared_buffers: '192MB', work_mem: '16MB', maintenance_work_mem: '64MB', effective_cache_size: '768MB',
  // One night is shorter than this, so no checkpoint falls into it; nothing is replicated or archived.
  checkpoint_timeout: '30min', max_wal_size: '4GB', wal_level: 'minimal', max_wal_senders: '0',
  // Two cores, and short statements: no helpers beside the backends.
  max_parallel_workers: '0', max_parallel_maintenance_workers: '0', jit: 'off', autovacuum_max_workers: '1',
  log_checkpoints: 'off', log_autovacuum_min_duration: '-1', timezone: 'UTC', log_timezone: 'UTC',
}
