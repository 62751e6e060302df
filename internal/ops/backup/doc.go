// Package backup holds the operations on backups and on point-in-time recovery.
package backup
