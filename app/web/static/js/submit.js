// Sends the page's only form. The prototype's method: a field named "submit" would hide the form's own.
HTMLFormElement.prototype.submit.call(document.getElementById("onward"));
