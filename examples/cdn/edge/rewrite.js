// Requests /docs/index.html from the bucket when a client requests /docs/.
function handler(event) {
  var request = event.request;
  if (request.uri.endsWith('/')) {
    request.uri += 'index.html';
  }
  return request;
}
