// Package config finds the settings of a run: flags, the context named on the command, DDB_ variables, AWS_ variables,
// the current context, rules for the profile, defaults, in that order. It is the only package that reads the
// environment and the only one that knows viper. What belongs to AWS itself (credentials, SSO, roles, endpoints per
// service, proxies, FIPS, dual stack) stays with the AWS SDK's chain, which reads its own variables and files.
package config
