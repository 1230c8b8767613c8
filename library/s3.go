package library

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// s3 is a shelf in a bucket of an S3-compatible store; an object is named by its hash.
type s3 struct {
	client *minio.Client
	bucket string
	prefix string
}

// S3 is a shelf at s3://HOST[:PORT]/BUCKET[/PREFIX], by TLS, or at s3+http:// without. The key and its secret are the caller's to keep.
func S3(address, key, secret string) (Shelf, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "s3" && u.Scheme != "s3+http" {
		return nil, errors.New("an S3 store is named like s3://HOST/BUCKET")
	}
	bucket, prefix, _ := strings.Cut(strings.Trim(u.Path, "/"), "/")
	if bucket == "" {
		return nil, errors.New("an S3 store is named like s3://HOST/BUCKET")
	}
	if prefix != "" {
		prefix += "/"
	}
	c, err := minio.New(u.Host, &minio.Options{Creds: credentials.NewStaticV4(key, secret, ""), Secure: u.Scheme == "s3", BucketLookup: minio.BucketLookupPath})
	if err != nil {
		return nil, fmt.Errorf("s3: %w", err)
	}
	return s3{c, bucket, prefix}, nil
}

func (s s3) name(hash string) (string, error) {
	if _, err := disk("").path(hash); err != nil {
		return "", err
	}
	return s.prefix + hash, nil
}

// Put leaves the file where it is. An object appears when all of it is there.
func (s s3) Put(ctx context.Context, hash, path string) error {
	name, err := s.name(hash)
	if err != nil {
		return err
	}
	if _, err := s.client.StatObject(ctx, s.bucket, name, minio.StatObjectOptions{}); err == nil {
		return nil
	}
	if _, err := s.client.FPutObject(ctx, s.bucket, name, path, minio.PutObjectOptions{ContentType: "application/octet-stream"}); err != nil {
		return fmt.Errorf("put %s away: %w", hash, err)
	}
	return nil
}

func (s s3) Open(ctx context.Context, hash string) (Content, error) {
	name, err := s.name(hash)
	if err != nil {
		return nil, err
	}
	o, err := s.client.GetObject(ctx, s.bucket, name, minio.GetObjectOptions{})
	if err != nil {
		return nil, err
	}
	if _, err := o.Stat(); err != nil {
		_ = o.Close() // nothing was read
		if minio.ToErrorResponse(err).StatusCode == http.StatusNotFound {
			err = ErrNone
		}
		return nil, err
	}
	return o, nil
}

func (s s3) Remove(ctx context.Context, hash string) error {
	name, err := s.name(hash)
	if err != nil {
		return err
	}
	return s.client.RemoveObject(ctx, s.bucket, name, minio.RemoveObjectOptions{}) // one that is gone is no error there
}
