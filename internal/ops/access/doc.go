// Package access holds the operations on resource policies of tables and streams: get, put, delete. Policies are checked by the service alone.
package access
