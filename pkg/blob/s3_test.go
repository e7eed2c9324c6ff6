package blob_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"

	"example.com/handover/pkg/blob"
	"example.com/handover/pkg/errs"
)

func TestS3(t *testing.T) {
	t.Run("whole bucket", func(t *testing.T) {
		conformance(t, func(t *testing.T) blob.Store { return openS3(t, newBucket(t), "") })
	})
	t.Run("below a prefix", func(t *testing.T) {
		conformance(t, func(t *testing.T) blob.Store { return openS3(t, newBucket(t), "handover/blobs/") })
	})
}

func TestS3PrefixesAreApart(t *testing.T) {
	endpoint := newBucket(t)
	one, two := openS3(t, endpoint, "one/"), openS3(t, endpoint, "two/")
	put(t, one, "evidence", "a", "content")
	if got := keys(t, two, "evidence", ""); len(got) > 0 {
		t.Errorf("the other prefix holds %v", got)
	}
	if got := read(t, openS3(t, endpoint, ""), "one", "evidence/a"); got != "content" {
		t.Errorf("the object holds %q", got)
	}
}

func TestS3Failures(t *testing.T) {
	t.Run("away", func(t *testing.T) {
		t.Setenv("AWS_MAX_ATTEMPTS", "1")
		server := httptest.NewServer(nil)
		server.Close()
		s := openS3(t, server.URL, "")
		if err := s.Delete(t.Context(), "evidence", "a"); errs.KindOf(err) != errs.Unavailable {
			t.Errorf("got %v", err)
		}
	})
	t.Run("no such bucket", func(t *testing.T) {
		server := httptest.NewServer(gofakes3.New(s3mem.New()).Server())
		t.Cleanup(server.Close)
		s := openS3(t, server.URL, "")
		err := s.Put(t.Context(), "evidence", "a", "text/plain", strings.NewReader("x"))
		if err == nil || errs.KindOf(err) != errs.Internal {
			t.Errorf("got %v", err)
		}
	})
}

// newBucket serves an empty bucket and returns the endpoint.
func newBucket(t *testing.T) string {
	t.Helper()
	backend := s3mem.New()
	if err := backend.CreateBucket("blobs"); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(gofakes3.New(backend).Server())
	t.Cleanup(server.Close)
	return server.URL
}

func openS3(t *testing.T, endpoint, prefix string) *blob.S3 {
	t.Helper()
	s, err := blob.OpenS3(t.Context(), blob.S3Config{
		Bucket: "blobs", Prefix: prefix, Region: "eu-central-1", Endpoint: endpoint, PathStyle: true,
		AccessKeyID: "AKIDTEST", SecretAccessKey: "secret",
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}
