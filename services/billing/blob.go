package billing

import (
	"cmp"
	"context"
	"path/filepath"

	"example.com/handover/pkg/kit"
	"example.com/handover/services/billing/internal/blob"
)

// Classes of blobs.
const (
	classInvoices = "invoices"  // documents, kept as long as law requires
	classVendor   = "aws-bills" // what AWS answered, for evidence
)

// blobConfig says where blobs are kept.
type blobConfig struct {
	Folder    string `yaml:"folder" doc:"folder that all replicas share; empty, without a bucket: one in the data folder, for a single replica"`
	Bucket    string `yaml:"bucket" doc:"S3 bucket, instead of a folder"`
	Prefix    string `yaml:"prefix" doc:"put before every key in the bucket; empty, or ending with /"`
	Region    string `yaml:"region" doc:"of the bucket"`
	Endpoint  string `yaml:"endpoint" doc:"of S3; empty: AWS's own"`
	PathStyle bool   `yaml:"path_style" doc:"the bucket stands in the path, which most servers that are not AWS's need"`
}

func openBlobs(ctx context.Context, e *kit.Env, c blobConfig) (blob.Store, error) {
	if c.Bucket != "" {
		return blob.OpenS3(ctx, blob.S3Config{
			Bucket: c.Bucket, Prefix: c.Prefix, Region: c.Region, Endpoint: c.Endpoint, PathStyle: c.PathStyle,
		})
	}
	folder, err := blob.OpenFolder(cmp.Or(c.Folder, filepath.Join(e.Data, "blobs")))
	if err != nil {
		return nil, err
	}
	e.Close(func(context.Context) error { return folder.Close() })
	return folder, nil
}
