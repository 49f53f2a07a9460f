//! What leaves the program: pictures of views, without patient data.
