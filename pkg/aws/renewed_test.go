package aws_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"example.com/handover/pkg/aws"
)

// Keys that are replaced in the SDK's own file are used by the next call, without a restart.
func TestKeysInAFileAreReplaced(t *testing.T) {
	file := filepath.Join(t.TempDir(), "credentials")
	for _, name := range []string{"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "AWS_CONFIG_FILE"} {
		t.Setenv(name, "")
	}
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", file)
	replace := func(key string) {
		t.Helper()
		text := fmt.Sprintf("[default]\naws_access_key_id = %s\naws_secret_access_key = hush\n", key)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	replace("AKIAOLD0000000000000")
	clients, err := aws.New(t.Context(), aws.Config{})
	if err != nil {
		t.Fatal(err)
	}
	base := clients.Base().Credentials
	for _, key := range []string{"AKIAOLD0000000000000", "AKIANEW0000000000000"} {
		replace(key)
		if got, err := base.Retrieve(t.Context()); err != nil || got.AccessKeyID != key {
			t.Errorf("got %s, %v, want %s", got.AccessKeyID, err, key)
		}
	}
}
