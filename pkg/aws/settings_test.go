package aws_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"example.com/handover/pkg/aws"
	"example.com/handover/pkg/config"
)

// reach is a service's section: what all need, and one key of its own.
type reach struct {
	AWS section `yaml:"aws" doc:"how AWS is reached"`
}

type section struct {
	aws.Settings `yaml:",inline"`
	Catalog      string `yaml:"catalog" doc:"of offers"`
}

func defaults() reach {
	return reach{section{aws.Settings{Region: "us-east-1", Timeout: config.Duration(8 * time.Second)}, "AWS"}}
}

func TestSettingsAreReadBesideAServicesOwn(t *testing.T) {
	for text, want := range map[string]aws.Config{
		"": {Region: "us-east-1", Timeout: 8 * time.Second, MaxBackoff: 2 * time.Second},
		"aws: {region: eu-central-1, timeout: 2s, catalog: Sandbox}": {
			Region: "eu-central-1", Timeout: 2 * time.Second, MaxBackoff: time.Second / 2,
		},
		"aws: {endpoint: 'http://127.0.0.1:9092', static_access_key: AKIARESELLER00000000}": {
			Region: "us-east-1", Endpoint: "http://127.0.0.1:9092", AccessKeyID: "AKIARESELLER00000000", SecretAccessKey: "sandbox",
			Timeout: 8 * time.Second, MaxBackoff: 2 * time.Second,
		},
	} {
		c := defaults()
		if err := config.Decode([]byte(text), &c); err != nil {
			t.Errorf("%q: %v", text, err)
		}
		if got := c.AWS.Client(); got != want {
			t.Errorf("%q: %+v, want %+v", text, got, want)
		}
	}
}

func TestSettingsAreRefused(t *testing.T) {
	for text, want := range map[string]string{
		"aws: {region: ''}":              "aws: region",
		"aws: {timeout: 0s}":             "aws: timeout",
		"aws: {timeout: -1s}":            "aws.timeout",
		"aws: {static_access_key: AKIA}": "endpoint must name one",
		"aws: {endpont: 'http://x'}":     "endpont",
	} {
		c := defaults()
		if err := config.Decode([]byte(text), &c); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", text, err, want)
		}
	}
}

// Every key stands in the reference that the binary prints.
func TestSettingsAreInTheReference(t *testing.T) {
	var out bytes.Buffer
	if err := config.Reference(&out, defaults()); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"endpoint:", "region: us-east-1", "static_access_key:", "timeout: 8s", "catalog: AWS"} {
		if !strings.Contains(out.String(), key) {
			t.Errorf("the reference lacks %q:\n%s", key, out.String())
		}
	}
}
