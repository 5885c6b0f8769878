// Asks the bucket for /docs/index.html where the world asks for /docs/.
function handler(event) {
  var request = event.request;
  if (request.uri.endsWith('/')) {
    request.uri += 'index.html';
  }
  return request;
}
