package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"example.com/handover/pkg/clock"
	"example.com/handover/pkg/errs"
)

// S3Config says which bucket holds the blobs.
type S3Config struct {
	Bucket    string
	Prefix    string // put before every key, "" or ending with "/"
	Region    string
	Endpoint  string // "" for AWS's own
	PathStyle bool   // bucket in the path, not in the host name: most servers that are not AWS's need it

	// A fixed key pair; without it, the SDK's default chain is asked.
	AccessKeyID, SecretAccessKey string
}

// S3 keeps blobs as objects <prefix><class>/<key> of one bucket, which it does not make.
type S3 struct {
	client         *s3.Client
	bucket, prefix string
}

var _ Store = (*S3)(nil)

// answerTimeout bounds the wait for an answer's first byte; the content may take as long as the caller's context allows.
const answerTimeout = 30 * time.Second

// OpenS3 makes a client; it does not connect yet.
func OpenS3(ctx context.Context, c S3Config) (*S3, error) {
	options := []func(*config.LoadOptions) error{
		config.WithRegion(c.Region),
		config.WithHTTPClient(awshttp.NewBuildableClient().WithTransportOptions(func(t *http.Transport) {
			t.ResponseHeaderTimeout = answerTimeout
		})),
	}
	if c.AccessKeyID != "" {
		fixed := credentials.NewStaticCredentialsProvider(c.AccessKeyID, c.SecretAccessKey, "")
		options = append(options, config.WithCredentialsProvider(fixed))
	}
	cfg, err := config.LoadDefaultConfig(ctx, options...)
	if err != nil {
		return nil, fmt.Errorf("S3: %w", err)
	}
	client := s3.NewFromConfig(cfg, func(o *s3.Options) {
		o.UsePathStyle = c.PathStyle
		o.RequestChecksumCalculation = aws.RequestChecksumCalculationWhenRequired // servers that are not AWS's refuse the default
		o.ResponseChecksumValidation = aws.ResponseChecksumValidationWhenRequired
		if c.Endpoint != "" {
			o.BaseEndpoint = &c.Endpoint
		}
	})
	return &S3{client, c.Bucket, c.Prefix}, nil
}

func (s *S3) object(class, key string) *string { return aws.String(s.prefix + class + "/" + key) }

// Put uploads in one request. Content that cannot seek is first written to a temporary file: a request that is
// repeated must be able to begin again.
func (s *S3) Put(ctx context.Context, class, key, contentType string, content io.Reader) error {
	if err := errors.Join(checkKey(class, key), checkType(contentType)); err != nil {
		return err
	}
	body, ok := content.(io.ReadSeeker)
	if !ok {
		spooled, err := spool(content)
		if err != nil {
			return fmt.Errorf("put %s/%s: %w", class, key, err)
		}
		defer func() { _ = errors.Join(spooled.Close(), os.Remove(spooled.Name())) }()
		body = spooled
	}
	_, err := s.client.PutObject(ctx, &s3.PutObjectInput{
		Bucket: &s.bucket, Key: s.object(class, key), ContentType: &contentType, Body: body,
	})
	return failure(err, "put", class, key)
}

func spool(content io.Reader) (*os.File, error) {
	file, err := os.CreateTemp("", "handover-blob-*")
	if err != nil {
		return nil, err
	}
	_, err = io.Copy(file, content)
	if err == nil {
		_, err = file.Seek(0, io.SeekStart)
	}
	if err != nil {
		return nil, errors.Join(err, file.Close(), os.Remove(file.Name()))
	}
	return file, nil
}

// Get opens an object.
func (s *S3) Get(ctx context.Context, class, key string) (*Blob, error) {
	if err := checkKey(class, key); err != nil {
		return nil, err
	}
	out, err := s.client.GetObject(ctx, &s3.GetObjectInput{Bucket: &s.bucket, Key: s.object(class, key)})
	if _, absent := errors.AsType[*types.NoSuchKey](err); absent {
		return nil, notFound(class, key)
	}
	if err != nil {
		return nil, failure(err, "get", class, key)
	}
	return &Blob{aws.ToString(out.ContentType), aws.ToInt64(out.ContentLength), out.Body}, nil
}

// Delete removes an object.
func (s *S3) Delete(ctx context.Context, class, key string) error {
	if err := checkKey(class, key); err != nil {
		return err
	}
	_, err := s.client.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &s.bucket, Key: s.object(class, key)})
	return failure(err, "delete", class, key)
}

// List asks page by page.
func (s *S3) List(ctx context.Context, class, prefix string) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		if err := checkPrefix(class, prefix); err != nil {
			yield(Entry{}, err)
			return
		}
		pages := s3.NewListObjectsV2Paginator(s.client, &s3.ListObjectsV2Input{Bucket: &s.bucket, Prefix: s.object(class, prefix)})
		for pages.HasMorePages() {
			page, err := pages.NextPage(ctx)
			if err != nil {
				yield(Entry{}, failure(err, "list", class, prefix))
				return
			}
			for _, o := range page.Contents {
				key := strings.TrimPrefix(aws.ToString(o.Key), s.prefix+class+"/")
				if !yield(Entry{key, aws.ToInt64(o.Size), clock.Instant(aws.ToTime(o.LastModified).UnixMicro())}, nil) {
					return
				}
			}
		}
	}
}

// Sweep deletes what is old.
func (s *S3) Sweep(ctx context.Context, class string, before clock.Instant) (int, error) {
	return sweep(ctx, s, class, before)
}

// failure tells an S3 that is away, which passes, from a refusal, which is ours to mend.
func failure(err error, verb, class, key string) error {
	if err == nil {
		return nil
	}
	what := verb + " " + class + "/" + key
	answer, ok := errors.AsType[*awshttp.ResponseError](err)
	if ok && answer.HTTPStatusCode() > 0 && answer.HTTPStatusCode() < http.StatusInternalServerError {
		return fmt.Errorf("%s: %w", what, err)
	}
	return errs.Wrap(err, errs.Unavailable, "BLOB_STORE_AWAY", "%s: the blob store does not answer", what)
}
