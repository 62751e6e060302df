// Package enginetest holds what DynamoDB answers, as text: scenarios of calls and the answers expected of them, and a
// Harness that runs them through the real AWS SDK against any target. The same files judge the engine in process, over
// HTTP in memory and on disk, and any endpoint named by a flag, so that a difference between targets is always a finding.
//
// A scenario file is a sequence of calls in the form of datadriven: the name of the operation and its input in the wire's JSON,
// a line of four dashes, and the answer:
//
//	GetItem
//	{"TableName": "Music", "Key": {"Artist": {"S": "Arturus"}}}
//	----
//	{"Item": {"Artist": {"S": "Arturus"}}}
//
// An error is answered by one line, its exception and its message. Arguments behind the operation's name change how it is called:
//
//   - raw        sends the input as it stands, signed but past the SDK's own checks
//   - all        follows every page and joins the lists of the answers
//   - let=(name,path.to.member)  keeps a member of the answer; $name stands for it in later inputs and answers
//   - only=(path,…)  prints these members of the answer alone
//   - reasons    prints behind the error why each action of a cancelled transaction was refused
//   - region=eu-west-1  makes it in another region
//   - until=(path.to.member,value)  makes it again until the member, as JSON without quotes, is that (null: absent), for a minute at most
//   - sort=list  sorts a list of the answer whose order the service leaves open
//
// Answers that name a time, a request id or a generated id are printed with a placeholder in its place.
package enginetest
