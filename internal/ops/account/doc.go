// Package account holds the operations on the account: its quotas, its endpoints, and, asked of STS, who is calling.
package account
