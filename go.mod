module astara

go 1.26.0

require (
	github.com/BurntSushi/toml v1.6.0 // the configuration file (cmd/astara)
	github.com/arran4/golang-ical v0.3.4 // calendar files that Outlook and others accept (server)
	github.com/coder/websocket v1.8.15 // the socket, with contexts instead of deadlines (server)
	github.com/descope/virtualwebauthn v1.0.3 // an authenticator for the tests of passkeys
	github.com/emersion/go-smtp v0.25.1 // a mail server for the tests of reminders
	github.com/go-webauthn/webauthn v0.18.2 // passkeys (auth)
	github.com/jackc/pgx/v5 v5.12.0 // PostgreSQL (store)
	github.com/johannesboyne/gofakes3 v1.2.0 // an S3 server for the tests of the documents' store
	github.com/klippa-app/go-pdfium v1.21.4 // PDFium as WebAssembly: the text of PDFs (library)
	github.com/microcosm-cc/bluemonday v1.0.27 // web pages without what runs in them (library)
	github.com/minio/minio-go/v7 v7.3.0 // documents in an S3-compatible store (library)
	github.com/at-wat/ebml-go v0.19.4 // the container of recordings (media/recorder)
	github.com/pion/dtls/v3 v3.1.15 // keys for SRTP (media)
	github.com/pion/ice/v4 v4.4.8 // what a peer of ours is in the tests and the bot (media/caller)
	github.com/pion/interceptor v0.1.51 // transport-wide feedback (media)
	github.com/pion/logging v0.2.4 // Pion's own log, turned to ours (media)
	github.com/pion/rtcp v1.2.20 // reading the other end's reports in tests and the bot (media)
	github.com/pion/rtp v1.10.6 // packets of the bot (media/caller)
	github.com/pion/srtp/v3 v3.1.3 // AES-CM for browsers without AES-GCM (media)
	github.com/pion/stun/v3 v3.1.7 // ICE's checks (media)
	github.com/pion/transport/v5 v5.1.4 // packet buffers under DTLS, and the network of tests (media)
	github.com/pion/turn/v5 v5.1.3 // the relay over TLS for networks that let nothing else through (media)
	github.com/pion/webrtc/v4 v4.2.26 // the participant without a browser (media/caller)
	github.com/prometheus/client_golang v1.25.0 // figures for the operator (server)
	github.com/rogpeppe/go-internal v1.16.0 // command lines tested by scripts that one could type (cmd/astara)
	github.com/tetratelabs/wazero v1.12.0 // what keeps PDFium in its box (library)
	github.com/tus/tusd/v2 v2.9.1 // uploads that are cut and go on (library)
	github.com/wneessen/go-mail v0.8.1 // reminders by mail, with STARTTLS and what servers ask for (post)
	go.uber.org/goleak v1.3.0 // tests that nothing is left running
	golang.org/x/crypto v0.58.0 // certificates by ACME (cmd/astara)
	golang.org/x/exp v0.0.0-20250106191152-7588d65b2ba8 // the log that tusd wants (library)
	golang.org/x/mod v0.42.0 // the Merkle log and its signed notes (record)
	golang.org/x/net v0.61.0 // reading web pages (library)
	golang.org/x/sync v0.24.0 // one group over everything that runs (cmd/astara)
	golang.org/x/sys v0.49.0 // recvmmsg, sendmmsg and segmentation (media)
	golang.org/x/text v0.43.0 // Unicode normal forms, for the keys of the search (record)
	modernc.org/sqlite v1.62.0 // SQLite without C (store)
)

require (
	github.com/aymerick/douceur v0.2.0 // indirect
	github.com/beorn7/perks v1.0.1 // indirect
	github.com/cespare/xxhash/v2 v2.3.0 // indirect
	github.com/dustin/go-humanize v1.1.0 // indirect
	github.com/emersion/go-sasl v0.0.0-20241020182733-b788ff22d5a6 // indirect
	github.com/fxamacker/cbor/v2 v2.9.4 // indirect
	github.com/go-viper/mapstructure/v2 v2.5.0 // indirect
	github.com/go-webauthn/x v0.3.1 // indirect
	github.com/golang-jwt/jwt/v5 v5.3.1 // indirect
	github.com/google/go-tpm v0.9.8 // indirect
	github.com/google/uuid v1.6.0 // indirect
	github.com/gorilla/css v1.0.1 // indirect
	github.com/jackc/pgpassfile v1.0.0 // indirect
	github.com/jackc/pgservicefile v0.0.0-20240606120523-5a60cdf6a761 // indirect
	github.com/jackc/puddle/v2 v2.2.3 // indirect
	github.com/jolestar/go-commons-pool/v2 v2.1.2 // indirect
	github.com/klauspost/compress v1.20.1 // indirect
	github.com/klauspost/cpuid/v2 v2.4.0 // indirect
	github.com/klauspost/crc32 v1.3.0 // indirect
	github.com/mattn/go-isatty v0.0.24 // indirect
	github.com/minio/crc64nvme v1.1.1 // indirect
	github.com/minio/md5-simd v1.1.2 // indirect
	github.com/munnerz/goautoneg v0.0.0-20191010083416-a7dc8b61c822 // indirect
	github.com/ncruces/go-strftime v1.1.0 // indirect
	github.com/philhofer/fwd v1.2.0 // indirect
	github.com/pion/datachannel v1.6.3 // indirect
	github.com/pion/mdns/v2 v2.2.2 // indirect
	github.com/pion/randutil v0.1.0 // indirect
	github.com/pion/sctp v1.12.0 // indirect
	github.com/pion/sdp/v3 v3.0.20 // indirect
	github.com/pion/stun/v4 v4.0.1 // indirect
	github.com/pion/transport/v4 v4.1.0 // indirect
	github.com/prometheus/client_model v0.6.3 // indirect
	github.com/prometheus/common v0.72.0 // indirect
	github.com/prometheus/procfs v0.22.0 // indirect
	github.com/remyoudompheng/bigfft v0.0.0-20230129092748-24d4a6f8daec // indirect
	github.com/rs/xid v1.6.0 // indirect
	github.com/ryszard/goskiplist v0.0.0-20150312221310-2dfbae5fcf46 // indirect
	github.com/tinylib/msgp v1.6.4 // indirect
	github.com/wlynxg/anet v0.0.5 // indirect
	github.com/x448/float16 v0.8.4 // indirect
	github.com/zeebo/xxh3 v1.1.0 // indirect
	go.shabbyrobe.org/gocovmerge v0.0.0-20230507111327-fa4f82cfbf4d // indirect
	go.yaml.in/yaml/v3 v3.0.5 // indirect
	golang.org/x/exp/typeparams v0.0.0-20260811152304-ee035b5b010f // indirect
	golang.org/x/time v0.14.0 // indirect
	golang.org/x/tools v0.52.0 // indirect
	google.golang.org/protobuf v1.36.12 // indirect
	gopkg.in/ini.v1 v1.67.3 // indirect
	honnef.co/go/tools v0.8.0 // indirect
	modernc.org/libc v1.80.1 // indirect
	modernc.org/mathutil v1.7.1 // indirect
	modernc.org/memory v1.12.1 // indirect
)

tool honnef.co/go/tools/cmd/staticcheck

ignore node_modules
