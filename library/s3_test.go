package library

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
)

// A small S3 server in this process; the client speaks to it over the network.
func TestS3(t *testing.T) {
	store := s3mem.New()
	if err := store.CreateBucket("papers"); err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(gofakes3.New(store).Server())
	t.Cleanup(web.Close)
	host := strings.TrimPrefix(web.URL, "http://")
	for _, address := range []string{"s3+http://" + host + "/papers", "s3+http://" + host + "/papers/astara/one"} {
		s, err := S3(address, "key", "secret")
		if err != nil {
			t.Fatal(err)
		}
		testShelf(t, s)
	}
	for _, wrong := range []string{"", "papers", "https://x/papers", "s3://host", "s3:///papers"} {
		if _, err := S3(wrong, "key", "secret"); err == nil {
			t.Errorf("%q is taken for an S3 store", wrong)
		}
	}
}
