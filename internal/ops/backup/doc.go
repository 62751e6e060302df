// Package backup holds the operations on backups and on point-in-time recovery, with the restores from either, and the snapshots that the embedded
// engine keeps of deleted tables.
package backup
