package aws

import (
	"errors"

	"example.com/handover/pkg/config"
)

// Settings are the part of a service's configuration that says how AWS is reached. A service embeds them with
// `yaml:",inline"` beside what it alone needs.
type Settings struct {
	Endpoint        string          `yaml:"endpoint" doc:"of every AWS service; empty: AWS itself"`
	Region          string          `yaml:"region" doc:"signing region"`
	StaticAccessKey string          `yaml:"static_access_key" doc:"key to act with, for the sandbox; empty: the SDK's default chain"`
	Timeout         config.Duration `yaml:"timeout" doc:"of one attempt of a call"`
}

// sandboxSecret goes with the static access key: the simulator knows keys and verifies no signature.
const sandboxSecret = "sandbox"

// Validate implements the check that the loader runs. A struct that embeds Settings and has a Validate of its own calls it.
func (s Settings) Validate() error {
	var found []error
	if s.Region == "" {
		found = append(found, errors.New("region: must not be empty"))
	}
	if s.Timeout.Std() <= 0 {
		found = append(found, errors.New("timeout: must be positive"))
	}
	if s.StaticAccessKey != "" && s.Endpoint == "" {
		found = append(found, errors.New("static_access_key: is for a sandbox, so endpoint must name one"))
	}
	return errors.Join(found...)
}

// Client is what New takes. Attempts of one call are no further apart than a quarter of the time of one.
func (s Settings) Client() Config {
	out := Config{Region: s.Region, Endpoint: s.Endpoint, Timeout: s.Timeout.Std(), MaxBackoff: s.Timeout.Std() / 4}
	if s.StaticAccessKey != "" {
		out.AccessKeyID, out.SecretAccessKey = s.StaticAccessKey, sandboxSecret
	}
	return out
}
