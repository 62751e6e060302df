package dynamo

import (
	"os"

	awsconfig "github.com/aws/aws-sdk-go-v2/config"
)

// fileState tells two states of a file apart without reading it. The zero state is a file that is not there.
type fileState struct {
	path     string
	size     int64
	modified int64 // nanoseconds
}

// filesState is the state of the shared configuration and credentials files. The SDK reads static keys out of them
// once; clients are kept by this state, so that a rewritten file is seen by the next call.
type filesState struct{ config, credentials fileState }

func stateOfFiles() filesState {
	configPath, credentialsPath := awsconfig.DefaultSharedConfigFilename(), awsconfig.DefaultSharedCredentialsFilename()
	if env, err := awsconfig.NewEnvConfig(); err == nil {
		if env.SharedConfigFile != "" {
			configPath = env.SharedConfigFile
		}
		if env.SharedCredentialsFile != "" {
			credentialsPath = env.SharedCredentialsFile
		}
	}
	return filesState{stateOf(configPath), stateOf(credentialsPath)}
}

func stateOf(path string) fileState {
	info, err := os.Stat(path)
	if err != nil {
		return fileState{path: path}
	}
	return fileState{path, info.Size(), info.ModTime().UnixNano()}
}
