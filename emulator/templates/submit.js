// Sends the only form of the page, OAuth 2.0 Form Post Response Mode.
document.forms[0].submit();
