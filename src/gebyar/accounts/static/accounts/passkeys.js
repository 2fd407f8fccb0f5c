// Shows what needs passkeys only where the browser has them, and says when one did not work.
(function () {
  document.addEventListener('DOMContentLoaded', function () {
    if (!window.PublicKeyCredential) return
    document.querySelectorAll('[data-needs-passkeys]').forEach(function (element) {
      element.hidden = false
    })
  })
  document.addEventListener('allauth.error', function (event) {
    event.preventDefault()
    document.querySelectorAll('[data-passkey-trouble]').forEach(function (element) {
      element.hidden = false
    })
  })
})()
