//! File uploads.

use bytes::{BufMut, Bytes, BytesMut};

/// A file to be uploaded: its name, content type and bytes.
#[derive(Clone, Debug)]
pub struct FilePart {
    name: String,
    content_type: String,
    bytes: Bytes,
}

impl FilePart {
    /// A file. `name` is what Okta sees as its name (`logo.png`), `content_type` says what it is
    /// (`image/png`).
    pub fn new(
        name: impl Into<String>,
        content_type: impl Into<String>,
        bytes: impl Into<Bytes>,
    ) -> Self {
        Self {
            name: name.into(),
            content_type: content_type.into(),
            bytes: bytes.into(),
        }
    }

    /// The form that holds the file as `field`: its content type, and its bytes.
    ///
    /// It is put together in memory, so that a failed request can be sent again. Source:
    /// RFC 7578; names are escaped as browsers do.
    #[allow(dead_code)] // unused if no feature with uploads is on
    pub(crate) fn into_form(self, field: &str) -> (String, Bytes) {
        let boundary = self.boundary();
        let head = format!(
            "--{boundary}\r\n\
             Content-Disposition: form-data; name=\"{}\"; filename=\"{}\"\r\n\
             Content-Type: {}\r\n\r\n",
            escaped(field),
            escaped(&self.name),
            self.content_type.replace(['\r', '\n'], " "),
        );
        let tail = format!("\r\n--{boundary}--\r\n");
        let mut form = BytesMut::with_capacity(head.len() + self.bytes.len() + tail.len());
        form.put_slice(head.as_bytes());
        form.put_slice(&self.bytes);
        form.put_slice(tail.as_bytes());
        (
            format!("multipart/form-data; boundary={boundary}"),
            form.freeze(),
        )
    }

    /// A line that does not occur in the file.
    fn boundary(&self) -> String {
        let mut number = self.bytes.len();
        loop {
            let boundary = format!("okta-sdk-rust-{number:016x}");
            let taken = self
                .bytes
                .windows(boundary.len())
                .any(|part| part == boundary.as_bytes());
            if !taken {
                return boundary;
            }
            number = number.wrapping_add(1);
        }
    }
}

fn escaped(name: &str) -> String {
    name.replace('"', "%22")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_holds_the_file_as_it_is() {
        let file = FilePart::new("a\"b.png", "image/png", Bytes::from_static(b"\x89PNG\r\n"));
        let (content_type, form) = file.into_form("file");
        assert_eq!(
            content_type,
            "multipart/form-data; boundary=okta-sdk-rust-0000000000000006"
        );
        let expected: &[u8] = b"--okta-sdk-rust-0000000000000006\r\n\
            Content-Disposition: form-data; name=\"file\"; filename=\"a%22b.png\"\r\n\
            Content-Type: image/png\r\n\r\n\x89PNG\r\n\r\n\
            --okta-sdk-rust-0000000000000006--\r\n";
        assert_eq!(form, expected);
    }

    #[test]
    fn the_boundary_does_not_occur_in_the_file() {
        let file = FilePart::new("x", "text/plain", "okta-sdk-rust-000000000000001e");
        assert_eq!(file.boundary(), "okta-sdk-rust-000000000000001f");
    }
}
