//! Who stands behind a component.
//!
//! ```text
//! secret key ─sign─▶ Signatures (FILE.wasm.sig) ─check─▶ Signer… ─Policy::require─▶ may be added, or why not
//! ```
//!
//! A signature is made over the component's digest and over what the component says of itself, so
//! that it cannot be moved to another component, and whoever signs knows which columns they let a
//! plugin see. A [`Policy`] says whose signatures count, for which districts, and how many are
//! needed. Whoever signs several times is one signer.
//!
//! No clock and no network: a signature does not expire, and a key is withdrawn by a policy
//! without it. What this guards is what gets in through a door; whoever can write the files of a
//! pool can write its policy too.

mod distrust;
mod key;
mod policy;
mod signature;

pub use distrust::Distrust;
pub(crate) use key::hex;
pub use key::{PublicKey, SecretKey, random_bytes};
pub use policy::{Policy, TrustedKey, WHOLE_POOL};
pub use signature::{Manifest, Signatures, Signer, Standing};
