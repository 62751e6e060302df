// Package account holds the operations on the account: its quotas, its endpoints, and who is calling.
package account
